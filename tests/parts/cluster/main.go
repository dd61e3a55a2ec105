// Command cluster is a Kubernetes control plane in one file: each of its servers, kubectl, and the small
// helpers that a cluster on loopback needs are applets of it, chosen by the first argument. The servers stay
// processes of their own, but they are compiled and linked once.
package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	// Zones of CronJobs, on machines without a time zone database.
	_ "time/tzdata"
)

// An applet gets the arguments behind its name, which also stand in os.Args, and gives the exit code.
type applet func(args []string) int

var applets = map[string]applet{
	"etcd":                    etcd,
	"kube-apiserver":          apiserver,
	"kube-controller-manager": controllerManager,
	"kube-scheduler":          scheduler,
	"kubectl":                 kubectl,
	"kwok":                    kwok,
	"pki":                     pki,
	"egress":                  egress,
	"metrics":                 metrics,
}

func main() {
	if len(os.Args) > 1 {
		if run, known := applets[os.Args[1]]; known {
			// The servers' own parsers read os.Args.
			os.Args = os.Args[1:]
			os.Exit(run(os.Args[1:]))
		}
	}
	names := make([]string, 0, len(applets))
	for name := range applets {
		names = append(names, name)
	}
	slices.Sort(names)
	fmt.Fprintf(os.Stderr, "usage: cluster %s ...\n", strings.Join(names, "|"))
	os.Exit(2)
}

// failed says what an applet of ours could not do, and gives its exit code.
func failed(what string, err error) int {
	fmt.Fprintf(os.Stderr, "could not %s: %v\n", what, err)
	return 1
}
