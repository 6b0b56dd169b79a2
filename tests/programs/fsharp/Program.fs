// Uses the core as an F# program does, and prints what happened, for OtherLanguagesTests. It waits for a
// signal to end its first context. ../vb/Program.vb does and prints the same.

open System
open System.Threading
open System.Threading.Tasks
open Baton

let user = ContextKey<string>("user")

let waitForSignal () =
    task {
        use ctx = Context.Background.WithSignals()
        let known = ctx.WithValue(user, "ada")

        let isCalledBack = TaskCompletionSource()

        let callBack () =
            match known.TryGetValue user with
            | true, name -> printfn $"called back for {name}"
            | _ -> printfn "called back for nobody"

            isCalledBack.SetResult()

        use _ = known.AfterFunc callBack
        use group = known.Group()
        group.Go(fun ctx -> Task.Delay(Timeout.InfiniteTimeSpan, ctx))
        group.Go(fun ctx -> Task.Delay(Timeout.InfiniteTimeSpan, ctx.Done))
        printfn "ready"
        do! isCalledBack.Task

        try
            do! group.WaitAsync()
        with :? ContextException as e ->
            printfn $"{e.Message}: {(nonNull ctx.Cause).Message}"
    }

let waitForTimeout () =
    task {
        use ctx = Context.Background.WithTimeout(TimeSpan.FromMilliseconds 1.0)
        let! index = Select.After(Timeout.InfiniteTimeSpan).Done(ctx)
        printfn $"case {index}: {(nonNull ctx.Err).Message}"

        try
            ctx.ThrowIfDone()
        with :? DeadlineExceededException as e ->
            printfn $"timeout: {e.Timeout.TotalMilliseconds} ms"
    }

task {
    do! waitForSignal ()
    do! waitForTimeout ()
}
|> _.GetAwaiter().GetResult()
