// Checks alerting rules and queries with Prometheus' own packages, as promtool does: main RULES < QUERIES, a query a
// line. Prints each error on a line.
package main

import (
	"bufio"
	"fmt"
	"log/slog"
	"os"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

func main() {
	p := parser.NewParser(parser.Options{})
	failed := false
	report := func(what string, err error) {
		failed = true
		fmt.Printf("%s: %v\n", what, err)
	}
	for _, file := range os.Args[1:] {
		_, errs := rulefmt.ParseFile(file, false, model.UTF8Validation, p, slog.New(slog.DiscardHandler))
		for _, err := range errs {
			report(file, err)
		}
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if _, err := p.ParseExpr(lines.Text()); err != nil {
			report(lines.Text(), err)
		}
	}
	if failed {
		os.Exit(1)
	}
}
