// Package generate runs random programs over Go's context, and writes down what is seen after each step.
package generate

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var (
	seed     = flag.Uint64("seed", 1, "of the random programs")
	programs = flag.Int("programs", 1000, "how many")
	steps    = flag.Int("steps", 60, "of each program")
	out      = flag.String("out", "", "the file to write")
)

type operation struct {
	Op     string  `json:"op"`
	ID     *int    `json:"id,omitempty"`
	Parent *int    `json:"parent,omitempty"`
	Ms     *int64  `json:"ms,omitempty"`
	Cause  string  `json:"cause,omitempty"`
	Key    string  `json:"key,omitempty"`
	Val    *string `json:"val,omitempty"`
}

type state struct {
	ID       int               `json:"id"`
	Err      string            `json:"err"`
	Cause    string            `json:"cause"`
	Deadline *float64          `json:"deadline"`
	Values   map[string]string `json:"values"`
}

type step struct {
	Do      operation `json:"do"`
	Stopped *bool     `json:"stopped,omitempty"`
	Changed []state   `json:"changed,omitempty"`
	Fired   []int     `json:"fired,omitempty"`
}

type key string

var keys = []string{"a", "b", "c", "d"}

// machine holds what one program has made. Clock: virtual, it goes on only in an advance.
type machine struct {
	random    *rand.Rand
	start     time.Time
	made      int
	contexts  map[int]context.Context
	order     []int // of the contexts
	cancels   map[int]func(error)
	takesNone map[int]bool // cancels that take no cause
	stops     map[int]func() bool
	known     map[int]string
	taken     map[int64]bool // deadlines that are in use: no two are equal

	mu    sync.Mutex
	fired []int
}

func TestGenerate(t *testing.T) {
	file, err := os.Create(*out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	writer := bufio.NewWriter(file)
	defer writer.Flush()
	for i := range *programs {
		synctest.Test(t, func(t *testing.T) {
			line, err := json.Marshal(run(fmt.Sprintf("seed%d/%d", *seed, i), rand.New(rand.NewPCG(*seed, uint64(i)))))
			if err != nil {
				t.Fatal(err)
			}
			writer.Write(append(line, '\n'))
		})
	}
}

func run(name string, random *rand.Rand) any {
	m := &machine{
		random: random, start: time.Now(), contexts: map[int]context.Context{}, cancels: map[int]func(error){},
		takesNone: map[int]bool{}, stops: map[int]func() bool{}, known: map[int]string{}, taken: map[int64]bool{},
	}
	all := []step{}
	for len(all) < *steps {
		done := step{Do: m.pick(len(all) == 0)}
		done.Stopped = m.execute(done.Do)
		synctest.Wait()
		done.Changed = m.changes()
		m.mu.Lock()
		done.Fired = slices.Sorted(slices.Values(m.fired))
		m.fired = nil
		m.mu.Unlock()
		all = append(all, done)
	}
	for _, stop := range m.stops {
		stop()
	}
	for _, cancel := range m.cancels {
		cancel(nil)
	}
	return map[string]any{"name": name, "steps": all}
}

// pick draws an operation that makes sense now.
func (m *machine) pick(first bool) operation {
	draw := m.random.IntN(100)
	switch {
	case first || draw < 2:
		return m.making(operation{Op: []string{"background", "todo"}[m.random.IntN(2)]})
	case draw < 14:
		return m.child(operation{Op: "withCancel"})
	case draw < 25:
		return m.child(operation{Op: "withCancelCause"})
	case draw < 38:
		ms := m.free(m.now() + int64(m.random.IntN(2200)) - 200)
		return m.child(operation{Op: "withDeadline", Ms: &ms, Cause: m.cause("deadline cause")})
	case draw < 49:
		ms := m.free(m.now()+int64(m.random.IntN(1600))-100) - m.now()
		return m.child(operation{Op: "withTimeout", Ms: &ms, Cause: m.cause("timeout cause")})
	case draw < 60:
		val := fmt.Sprintf("v%d", m.made)
		return m.child(operation{Op: "withValue", Key: keys[m.random.IntN(len(keys))], Val: &val})
	case draw < 65:
		return m.child(operation{Op: "withoutCancel"})
	case draw < 74:
		return m.child(operation{Op: "afterFunc"})
	case draw < 80 && len(m.stops) > 0:
		id := m.oneOf(len(m.stops), m.stopIDs())
		return operation{Op: "stop", ID: &id}
	case draw < 91 && len(m.cancels) > 0:
		ids := []int{}
		for _, id := range m.order {
			if m.cancels[id] != nil {
				ids = append(ids, id)
			}
		}
		id := m.oneOf(len(ids), ids)
		cause := ""
		if !m.takesNone[id] {
			cause = m.cause("cause")
		}
		return operation{Op: "cancel", ID: &id, Cause: cause}
	}
	ms := int64(m.random.IntN(400))
	return operation{Op: "advance", Ms: &ms}
}

func (m *machine) stopIDs() []int {
	ids := []int{}
	for id := range m.made {
		if m.stops[id] != nil {
			ids = append(ids, id)
		}
	}
	return ids
}

func (m *machine) oneOf(count int, ids []int) int { return ids[m.random.IntN(count)] }

func (m *machine) making(o operation) operation {
	id := m.made
	m.made++
	o.ID = &id
	return o
}

// child draws a parent, one of the newest more often.
func (m *machine) child(o operation) operation {
	at := m.random.IntN(len(m.order))
	if m.random.IntN(2) == 0 {
		at = len(m.order) - 1 - m.random.IntN(min(6, len(m.order)))
	}
	parent := m.order[at]
	o.Parent = &parent
	return m.making(o)
}

func (m *machine) cause(text string) string {
	if m.random.IntN(2) == 0 {
		return ""
	}
	return fmt.Sprintf("%s %d", text, m.made)
}

func (m *machine) now() int64 { return time.Since(m.start).Milliseconds() }

// free gives the next instant that is nobody's deadline, and no timeout of -1.
func (m *machine) free(ms int64) int64 {
	for m.taken[ms] || ms-m.now() == -1 {
		ms++
	}
	m.taken[ms] = true
	return ms
}

func (m *machine) execute(o operation) *bool {
	switch o.Op {
	case "background":
		m.add(*o.ID, context.Background())
	case "todo":
		m.add(*o.ID, context.TODO())
	case "stop":
		stopped := m.stops[*o.ID]()
		return &stopped
	case "cancel":
		m.cancels[*o.ID](asError(o.Cause))
	case "advance":
		time.Sleep(time.Duration(*o.Ms) * time.Millisecond)
	default:
		m.derive(*o.ID, m.contexts[*o.Parent], o)
	}
	return nil
}

func (m *machine) derive(id int, parent context.Context, o operation) {
	switch o.Op {
	case "withCancel":
		m.takesNone[id] = true
		m.cancelable(id)(context.WithCancel(parent))
	case "withCancelCause":
		ctx, cancel := context.WithCancelCause(parent)
		m.add(id, ctx)
		m.cancels[id] = cancel
	case "withDeadline":
		m.takesNone[id] = true
		at := m.start.Add(time.Duration(*o.Ms) * time.Millisecond)
		m.cancelable(id)(context.WithDeadlineCause(parent, at, asError(o.Cause)))
	case "withTimeout":
		m.takesNone[id] = true
		m.cancelable(id)(context.WithTimeoutCause(parent, time.Duration(*o.Ms)*time.Millisecond, asError(o.Cause)))
	case "withValue":
		m.add(id, context.WithValue(parent, key(o.Key), *o.Val))
	case "withoutCancel":
		m.add(id, context.WithoutCancel(parent))
	case "afterFunc":
		m.stops[id] = context.AfterFunc(parent, func() {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.fired = append(m.fired, id)
		})
	}
}

func (m *machine) add(id int, ctx context.Context) {
	m.contexts[id] = ctx
	m.order = append(m.order, id)
}

func (m *machine) cancelable(id int) func(context.Context, context.CancelFunc) {
	return func(ctx context.Context, cancel context.CancelFunc) {
		m.add(id, ctx)
		m.cancels[id] = func(error) { cancel() }
	}
}

// changes lists each context whose state is not what it was.
func (m *machine) changes() []state {
	var changed []state
	for _, id := range m.order {
		seen := m.look(id)
		text, _ := json.Marshal(seen)
		if m.known[id] != string(text) {
			m.known[id] = string(text)
			changed = append(changed, seen)
		}
	}
	return changed
}

func (m *machine) look(id int) state {
	ctx := m.contexts[id]
	seen := state{ID: id, Values: map[string]string{}}
	if err := ctx.Err(); err != nil {
		seen.Err = err.Error()
		seen.Cause = context.Cause(ctx).Error()
	}
	if at, ok := ctx.Deadline(); ok {
		ms := float64(at.Sub(m.start)) / float64(time.Millisecond)
		seen.Deadline = &ms
	}
	for _, name := range keys {
		if value, ok := ctx.Value(key(name)).(string); ok {
			seen.Values[name] = value
		}
	}
	return seen
}

func asError(text string) error {
	if text == "" {
		return nil
	}
	return errors.New(text)
}
