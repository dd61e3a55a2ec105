package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// egress SOCKET MAP is a CONNECT proxy on a unix socket, for what the API server calls "cluster" egress: pods, services,
// kubelets, webhooks, aggregated APIs. Loopback is dialled as it is. Any other address is one that kwok or the API
// server made up: MAP, read anew for each connection, says in lines `address:port address:port` what on loopback stands
// for it, and what it does not name is refused. So no packet leaves this machine.
func egress(args []string) int {
	if len(args) != 2 {
		return failed("start the proxy", errors.New("it takes the path of its socket and that of its map"))
	}
	if err := os.Remove(args[0]); err != nil && !errors.Is(err, os.ErrNotExist) {
		return failed("remove the socket of an earlier run", err)
	}
	listener, err := net.Listen("unix", args[0])
	if err != nil {
		return failed("listen on "+args[0], err)
	}
	server := http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { connect(w, r, args[1]) }),
	}
	return failed("serve", server.Serve(listener))
}

func connect(w http.ResponseWriter, r *http.Request, file string) {
	if r.Method != http.MethodConnect {
		http.Error(w, "this is a CONNECT proxy", http.StatusMethodNotAllowed)
		return
	}
	address, err := standIn(r.Host, file)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	there, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer there.Close()
	here, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer here.Close()
	if _, err := io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	fmt.Fprintf(os.Stderr, "%s -> %s\n", r.Host, address)
	pipe(here, buffered.Reader, there)
}

// pipe copies both ways until both sides have said all.
func pipe(here net.Conn, from *bufio.Reader, there net.Conn) {
	back := make(chan struct{})
	go func() {
		defer close(back)
		_, _ = io.Copy(here, there)
		closeWrite(here)
	}()
	_, _ = io.Copy(there, from)
	closeWrite(there)
	<-back
}

func closeWrite(connection net.Conn) {
	if half, ok := connection.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

// standIn gives the loopback address that stands for the one that was asked for.
func standIn(asked, file string) (string, error) {
	host, _, err := net.SplitHostPort(asked)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return asked, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) != 2 || fields[0] != asked {
			continue
		}
		host, _, err := net.SplitHostPort(fields[1])
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			return "", fmt.Errorf("%s maps %s to %s, which is not an address on loopback", file, asked, fields[1])
		}
		return fields[1], nil
	}
	return "", fmt.Errorf("nothing on loopback stands for %s; %s has no line for it", asked, file)
}
