// Command server is Go's side of bench/server/compare: it prints its addresses, for HTTP/1.1 and for HTTP/2, and then answers
// the same lines as bench/server/compare/Servers/AppWorker.cs.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"runtime"
	"syscall"
	"time"
	"unsafe"
)

const long = time.Hour

var (
	entered = make(chan struct{}, 1<<17)
	resumed = make(chan int64, 1<<17)
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}

	mux := http.NewServeMux()
	mux.HandleFunc("GET /plain", plain)
	mux.HandleFunc("GET /accessor", plain)
	mux.HandleFunc("GET /injected", plain)
	mux.HandleFunc("GET /aborted", aborted)
	mux.HandleFunc("GET /page", plain)
	mux.HandleFunc("GET /pageopen", plain)
	mux.HandleFunc("GET /derive", derive)
	mux.Handle("GET /timeout", withTimeout(http.HandlerFunc(plain)))
	mux.HandleFunc("GET /hello", hello)

	server := &http.Server{Handler: mux, Protocols: new(http.Protocols)}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	go server.Serve(listener)

	url := "http://" + listener.Addr().String()
	fmt.Println(url, url)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		fmt.Println(answer(in.Text()))
	}
}

func answer(line string) any {
	switch line {
	case "bytes":
		return memory().TotalAlloc
	case "live":
		runtime.GC()
		runtime.GC()
		m := memory()
		return m.HeapAlloc + m.StackInuse
	case "entered":
		<-entered
		return 1
	case "resumed":
		return <-resumed
	}
	panic("unknown: " + line)
}

func memory() runtime.MemStats {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m
}

func plain(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, "hello\n")
}

func aborted(w http.ResponseWriter, r *http.Request) {
	if r.Context().Err() != nil {
		io.WriteString(w, "late\n")
		return
	}
	io.WriteString(w, "hello\n")
}

func derive(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), long)
	defer cancel()
	if ctx.Err() != nil {
		io.WriteString(w, "late\n")
		return
	}
	io.WriteString(w, "hello\n")
}

// withTimeout gives every request a deadline, and no more: http.TimeoutHandler would also hold back the answer.
func withTimeout(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), long)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func hello(w http.ResponseWriter, r *http.Request) {
	entered <- struct{}{}
	ctx := r.Context()
	select {
	case <-time.After(long):
		io.WriteString(w, "hello\n")
	case <-ctx.Done():
		resumed <- monotonic()
	}
}

// monotonic reads the clock that .NET's Stopwatch reads, in nanoseconds since the machine's start. The driver, which is
// another process, subtracts from it when its client closed.
func monotonic() int64 {
	const clockMonotonic = 1
	var now syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&now)), 0)
	return now.Nano()
}
