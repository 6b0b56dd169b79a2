// Command acts measures Go's context for bench/core/compare, whose other workers do the same for .NET and Baton.
//
// "warm NAME..." on standard input is answered by "warm", and "NAME COUNT" by four numbers: nanoseconds and bytes
// of one act, the nanoseconds it is to be held against (0: none), and those of the whole slice.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

type sample struct {
	nanoseconds, bytes, reference float64
	wall                          time.Duration
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		words := strings.Fields(in.Text())
		if words[0] == "warm" {
			fmt.Println("warm")
			continue
		}

		count, err := strconv.Atoi(words[1])
		if err != nil {
			panic(err)
		}

		// Go's runtime learns nothing from what ran before, so the act is the same in a process that has been used.
		s := acts[strings.TrimSuffix(words[0], "-after-use")](count)
		fmt.Println(s.nanoseconds, s.bytes, s.reference, s.wall.Nanoseconds())
	}
}

// measure runs f, which does an act count times over, on a heap without garbage.
func measure(count int, f func()) sample {
	runtime.GC()
	return timed(count, f)
}

func timed(count int, f func()) sample {
	before := allocated()
	start := time.Now()
	f()
	elapsed := time.Since(start)
	bytes := allocated() - before
	return sample{float64(elapsed.Nanoseconds()) / float64(count), float64(bytes) / float64(count), 0, elapsed}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func live() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}
