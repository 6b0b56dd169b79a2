' Uses the core as a Visual Basic program does, and prints what happened, for OtherLanguagesTests. It waits for a
' signal to end its first context. ../fsharp/Program.fs does and prints the same.

Imports System.Threading
Imports Baton

Friend Module Program
    Private ReadOnly User As New ContextKey(Of String)("user")

    Friend Sub Main()
        RunAsync().GetAwaiter().GetResult()
    End Sub

    Private Async Function RunAsync() As Task
        Await WaitForSignalAsync()
        Await WaitForTimeoutAsync()
    End Function

    Private Async Function WaitForSignalAsync() As Task
        Using ctx = Context.Background.WithSignals()
            Dim known = ctx.WithValue(User, "ada")
            Dim isCalledBack As New TaskCompletionSource()
            Dim callBack = Sub()
                               Console.WriteLine($"called back for {known.Value(User)}")
                               isCalledBack.SetResult()
                           End Sub
            Using known.AfterFunc(callBack)
                Dim group = known.Group()
                group.Go(Function(inner) Task.Delay(Timeout.InfiniteTimeSpan, inner))
                group.Go(Function(inner) Task.Delay(Timeout.InfiniteTimeSpan, inner.Done))
                Console.WriteLine("ready")
                Await isCalledBack.Task

                Try
                    Await group.WaitAsync()
                Catch e As ContextException
                    Console.WriteLine($"{e.Message}: {ctx.Cause.Message}")
                End Try

                Await group.DisposeAsync()
            End Using
        End Using
    End Function

    Private Async Function WaitForTimeoutAsync() As Task
        Using ctx = Context.Background.WithTimeout(TimeSpan.FromMilliseconds(1))
            Dim index = Await [Select].After(Timeout.InfiniteTimeSpan).Done(ctx)
            Console.WriteLine($"case {index}: {ctx.Err.Message}")

            Try
                ctx.ThrowIfDone()
            Catch e As DeadlineExceededException
                Console.WriteLine($"timeout: {e.Timeout.TotalMilliseconds} ms")
            End Try
        End Using
    End Function
End Module
