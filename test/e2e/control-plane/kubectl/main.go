//go:build !before_1_23

// Command kubectl is kubectl of the same release as the control plane, put together as
// k8s.io/kubernetes/cmd/kubectl does it.
package main

import (
	"k8s.io/component-base/cli"
	"k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
)

func main() {
	if err := cli.RunNoErrOutput(cmd.NewDefaultKubectlCommand()); err != nil {
		util.CheckErr(err)
	}
}
