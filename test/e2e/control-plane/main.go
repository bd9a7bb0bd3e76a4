// Command control-plane runs etcd and kube-apiserver in one process, for tests that need a real one.
//
//	control-plane -etcd-dir DIR -etcd-client URL -etcd-peer URL -- KUBE-APISERVER FLAGS
//
// It serves for as long as its standard input stays open. Whoever starts it holds the other end of
// that pipe, so it never outlives a test run, however the run ends. It stops without ceremony,
// because its data are thrown away. Logs of both servers go to standard error.
package main

import (
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

// How long etcd may take to elect itself. It takes a fraction of a second on an idle machine.
const etcdStart = 60 * time.Second

func main() {
	etcdDir := flag.String("etcd-dir", "", "where etcd keeps its data; must be empty or absent")
	etcdClient := flag.String("etcd-client", "", "URL at which etcd serves kube-apiserver")
	etcdPeer := flag.String("etcd-peer", "", "URL at which etcd would serve other members")
	flag.Parse()
	if err := run(*etcdDir, *etcdClient, *etcdPeer, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "control-plane:", err)
		os.Exit(1)
	}
}

func run(etcdDir, etcdClient, etcdPeer string, apiserverFlags []string) error {
	go exitWithStarter()
	stopped, err := startEtcd(etcdDir, etcdClient, etcdPeer)
	if err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	go func() {
		fmt.Fprintln(os.Stderr, "control-plane: etcd stopped:", <-stopped)
		os.Exit(1)
	}()
	apiserver := app.NewAPIServerCommand()
	apiserver.SetArgs(append(apiserverFlags, "--etcd-servers="+etcdClient))
	apiserver.SilenceUsage = true
	if err := apiserver.Execute(); err != nil {
		return fmt.Errorf("kube-apiserver: %w", err)
	}
	return nil
}

// exitWithStarter ends the process once the other end of standard input is closed.
func exitWithStarter() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

// startEtcd starts a cluster of one member and waits until it serves. The channel tells why it stopped.
func startEtcd(dir, client, peer string) (<-chan error, error) {
	if dir == "" {
		return nil, fmt.Errorf("-etcd-dir DIR is needed")
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return nil, fmt.Errorf("%s is not empty: name a directory of its own for each run", dir)
	}
	clientURL, err := loopback("-etcd-client", client)
	if err != nil {
		return nil, err
	}
	peerURL, err := loopback("-etcd-peer", peer)
	if err != nil {
		return nil, err
	}
	config, err := configure(dir, clientURL.String(), peerURL.String())
	if err != nil {
		return nil, err
	}
	server, err := embed.StartEtcd(config)
	if err != nil {
		return nil, err
	}
	select {
	case <-server.Server.ReadyNotify():
		return server.Err(), nil
	case err := <-server.Err():
		return nil, err
	case <-time.After(etcdStart):
		return nil, fmt.Errorf("no leader within %s: is the machine overloaded, or %s slow?", etcdStart, dir)
	}
}

// configure reads etcd's configuration from a file: its keys are the same in etcd 3.4, 3.5 and 3.6, and the
// fields of embed.Config are not.
// https://github.com/etcd-io/etcd/blob/v3.5.0/server/embed/config.go#L162
func configure(dir, client, peer string) (*embed.Config, error) {
	file := dir + ".yaml"
	text := fmt.Sprintf(`name: test
data-dir: %q
listen-client-urls: %q
advertise-client-urls: %q
listen-peer-urls: %q
initial-advertise-peer-urls: %q
initial-cluster: %q
log-level: error
log-outputs: [stderr]
logger: zap
# Nothing here has to survive a crash of the machine.
unsafe-no-fsync: true
`, dir, client, client, peer, peer, "test="+peer)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, err
	}
	return embed.ConfigFromFile(file)
}

// loopback reads the value of a flag that names where to listen. etcd is unprotected, so it must not
// be reachable from elsewhere.
func loopback(name, value string) (*url.URL, error) {
	parsed, err := url.Parse(value)
	if err != nil || parsed.Scheme != "http" || len(parsed.Hostname()) < 4 || parsed.Hostname()[:4] != "127." || parsed.Port() == "" {
		return nil, fmt.Errorf("%s %q is not of the form http://127.0.0.1:PORT", name, value)
	}
	return parsed, nil
}
