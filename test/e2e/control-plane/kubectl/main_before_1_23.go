//go:build before_1_23

// Command kubectl is kubectl of the same release as the control plane, put together as
// k8s.io/kubernetes/cmd/kubectl does it before 1.23:
// https://github.com/kubernetes/kubernetes/blob/v1.21.14/cmd/kubectl/kubectl.go
package main

import (
	goflag "flag"
	"math/rand"
	"os"
	"time"

	"github.com/spf13/pflag"
	cliflag "k8s.io/component-base/cli/flag"
	"k8s.io/component-base/logs"
	"k8s.io/kubectl/pkg/cmd"
)

func main() {
	rand.Seed(time.Now().UnixNano())
	command := cmd.NewDefaultKubectlCommand()
	pflag.CommandLine.SetNormalizeFunc(cliflag.WordSepNormalizeFunc)
	pflag.CommandLine.AddGoFlagSet(goflag.CommandLine)
	logs.InitLogs()
	defer logs.FlushLogs()
	if err := command.Execute(); err != nil {
		os.Exit(1)
	}
}
