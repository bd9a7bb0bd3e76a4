// Command nodeaffinity gives the result of the scheduler's own code for a pod and a node. It reads one JSON
// object per line ({"nodeSelector", "affinity", "node": {"name", "labels"}}) and answers each with a line:
// match, no, or error (a term could not be parsed and no other matched, which is no match for the scheduler).
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/json"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
)

type pair struct {
	NodeSelector map[string]string `json:"nodeSelector"`
	Affinity     *v1.Affinity      `json:"affinity"`
	Node         struct {
		Name   string            `json:"name"`
		Labels map[string]string `json:"labels"`
	} `json:"node"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	out := bufio.NewWriter(os.Stdout)
	for in.Scan() {
		fmt.Fprintln(out, match(in.Bytes()))
	}
	if err := in.Err(); err != nil {
		log.Fatal(err)
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

func match(line []byte) string {
	var p pair
	if err := json.Unmarshal(line, &p); err != nil {
		log.Fatalf("%s: %v", line, err)
	}
	pod := &v1.Pod{Spec: v1.PodSpec{NodeSelector: p.NodeSelector, Affinity: p.Affinity}}
	node := &v1.Node{ObjectMeta: metav1.ObjectMeta{Name: p.Node.Name, Labels: p.Node.Labels}}
	match, err := nodeaffinity.GetRequiredNodeAffinity(pod).Match(node)
	switch {
	case err != nil:
		return "error"
	case match:
		return "match"
	default:
		return "no"
	}
}
