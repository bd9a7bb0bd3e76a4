process.on('exit', () => {
  process.stderr.write(`\npeak resident KiB: ${process.resourceUsage().maxRSS}\n`);
});
