package main

import (
	"context"
	"runtime"
	"sync"
	"time"
)

const (
	million = 1_000_000
	large   = 10_000 // From this size on, what was built goes through a collection before it is canceled.
)

var (
	sink   int
	parent context.Context
)

// The names are those of bench/core/compare/Catalogue.cs.
var acts = map[string]func(count int) sample{
	"with-cancel":         once(withCancel),
	"with-timeout":        once(withTimeout),
	"with-cancel-done":    once(withCancelDone),
	"with-timeout-done":   once(withTimeoutDone),
	"after-func":          once(afterFunc),
	"is-done":             once(isDone),
	"with-cancel-2":       twice(withCancel),
	"with-timeout-2":      twice(withTimeout),
	"with-cancel-done-2":  twice(withCancelDone),
	"with-timeout-done-2": twice(withTimeoutDone),
	"after-func-2":        twice(afterFunc),
	"is-done-2":           twice(isDone),
	"value-missing":       once(value(100, key(200))),
	"value-found":         once(value(10, key(0))),
	"cancel-chain":        built(chain, 1000, 1),
	"cancel-fan":          built(fan, 100_000, 1),
	"cancel-million":      built(fan, million, million),
	"select":              selectOfTwo,
	"live-deadlines":      liveDeadlines,
	"live-children":       liveChildren,
	"timeout-amid":        timeoutAmid,
}

func init() {
	parent, _ = context.WithCancel(context.Background())
}

// once repeats an act, which has its own loop so that nothing is called through a variable.
func once(loop func(count int) int) func(int) sample {
	return func(count int) sample {
		return measure(count, func() { sink += loop(count) })
	}
}

func twice(loop func(count int) int) func(int) sample {
	return func(count int) sample {
		return measure(count, func() {
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() {
					if loop(count) < 0 {
						panic("never")
					}
				})
			}
			both.Wait()
		}).half()
	}
}

// half gives each of two goroutines its part of the bytes; the time was the same for both.
func (s sample) half() sample {
	s.bytes /= 2
	return s
}

func withCancel(count int) int {
	for range count {
		_, cancel := context.WithCancel(parent)
		cancel()
	}
	return 0
}

func withTimeout(count int) int {
	for range count {
		_, cancel := context.WithTimeout(parent, time.Hour)
		cancel()
	}
	return 0
}

func withCancelDone(count int) int {
	closed := 0
	for range count {
		ctx, cancel := context.WithCancel(parent)
		done := ctx.Done()
		cancel()
		select {
		case <-done:
			closed++
		default:
		}
	}
	return closed
}

func withTimeoutDone(count int) int {
	closed := 0
	for range count {
		ctx, cancel := context.WithTimeout(parent, time.Hour)
		done := ctx.Done()
		cancel()
		select {
		case <-done:
			closed++
		default:
		}
	}
	return closed
}

func afterFunc(count int) int {
	stopped := 0
	for range count {
		if context.AfterFunc(parent, func() {})() {
			stopped++
		}
	}
	return stopped
}

func isDone(count int) int {
	done := 0
	ctx := parent
	for range count {
		if ctx.Err() != nil {
			done++
		}
	}
	return done
}

type key int

func value(depth int, wanted any) func(int) int {
	return func(count int) int {
		ctx := parent
		for i := range depth {
			ctx = context.WithValue(ctx, key(i), i)
		}
		found := 0
		for range count {
			if ctx.Value(wanted) != nil {
				found++
			}
		}
		return found
	}
}

// built times the cancel alone; build gives what cancels and what must then be canceled.
func built(build func(size int) (context.CancelFunc, context.Context), size, parts int) func(int) sample {
	return func(count int) sample {
		var total sample
		runtime.GC()
		start := time.Now()
		for range count {
			cancel, last := build(size)
			if size >= large {
				runtime.GC()
			}
			s := timed(parts, cancel)
			if last.Err() == nil {
				panic("something is still live")
			}
			total.nanoseconds += s.nanoseconds / float64(count)
			total.bytes += s.bytes / float64(count)
		}
		total.wall = time.Since(start)
		return total
	}
}

func chain(size int) (context.CancelFunc, context.Context) {
	top, cancel := context.WithCancel(context.Background())
	ctx := top
	for range size {
		ctx, _ = context.WithCancel(ctx)
	}
	return cancel, ctx
}

func fan(size int) (context.CancelFunc, context.Context) {
	top, cancel := context.WithCancel(context.Background())
	var ctx context.Context
	for range size {
		ctx, _ = context.WithCancel(top)
	}
	return cancel, ctx
}

// selectOfTwo has one goroutine wait while another cancels.
func selectOfTwo(count int) sample {
	waits := make(chan context.Context)
	winners := make(chan int)
	go func() {
		for ctx := range waits {
			select {
			case <-time.After(time.Hour):
				winners <- 0
			case <-ctx.Done():
				winners <- 1
			}
		}
	}()
	defer close(waits)
	return measure(count, func() {
		for range count {
			ctx, cancel := context.WithCancel(parent)
			waits <- ctx
			cancel()
			if <-winners != 1 {
				panic("an hour has passed")
			}
		}
	})
}

func spread(i int) time.Duration {
	return time.Duration(3600+i*7%3600) * time.Second
}

func makeDeadlines(into []context.CancelFunc, ctxs []context.Context) {
	for i := range into {
		ctxs[i], into[i] = context.WithTimeout(context.Background(), spread(i))
	}
}

func liveDeadlines(int) sample {
	cancels, ctxs := make([]context.CancelFunc, million), make([]context.Context, million)
	s := held(func() { makeDeadlines(cancels, ctxs) })
	for _, cancel := range cancels {
		cancel()
	}
	runtime.KeepAlive(ctxs)
	return s
}

func liveChildren(int) sample {
	top, cancel := context.WithCancel(context.Background())
	cancels, ctxs := make([]context.CancelFunc, million), make([]context.Context, million)
	s := held(func() {
		for i := range cancels {
			ctxs[i], cancels[i] = context.WithCancel(top)
		}
	})
	cancel()
	runtime.KeepAlive(cancels)
	runtime.KeepAlive(ctxs)
	return s
}

// held counts what f leaves live, a million of something, and not what held them before.
func held(f func()) sample {
	before := live()
	start := time.Now()
	f()
	elapsed := time.Since(start)
	bytes := live() - before
	return sample{float64(elapsed.Nanoseconds()) / million, float64(bytes) / million, 0, time.Since(start)}
}

func timeoutAmid(int) sample {
	const count = 100_000
	start := time.Now()
	withTimeout(count)
	alone := measure(count, func() { withTimeout(count) })
	cancels, ctxs := make([]context.CancelFunc, million), make([]context.Context, million)
	makeDeadlines(cancels, ctxs)
	withTimeout(count)
	amid := measure(count, func() { withTimeout(count) })
	for _, cancel := range cancels {
		cancel()
	}
	runtime.KeepAlive(ctxs)
	return sample{amid.nanoseconds, amid.bytes, alone.nanoseconds, time.Since(start)}
}
