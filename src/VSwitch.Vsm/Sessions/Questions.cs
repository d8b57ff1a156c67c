using System.Collections.Concurrent;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>The questions that a VEM has been asked and has not answered yet.</summary>
public sealed class Questions
{
    /// <summary>A VEM that does not answer within this time is left out of what is shown.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<ulong, TaskCompletionSource<Answer>> _open = new();
    private ulong _lastId;

    /// <summary>Asks, and waits for the answer.</summary>
    /// <param name="question">The question; gets its id.</param>
    /// <param name="send">Puts it on its way; false if that cannot be.</param>
    /// <returns>Null if no answer came in time.</returns>
    public async Task<Answer?> AskAsync(Question question, Func<VsmMessage, bool> send)
    {
        question.Id = Interlocked.Increment(ref _lastId);
        var answered = new TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[question.Id] = answered;
        try
        {
            return send(new VsmMessage { Question = question }) ? await answered.Task.WaitAsync(Deadline) : null;
        }
        catch (Exception e) when (e is TimeoutException or TaskCanceledException)
        {
            return null;
        }
        finally
        {
            _open.TryRemove(question.Id, out _);
        }
    }

    /// <summary>Takes an answer; one to a question that is not open any more, or never was, means nothing.</summary>
    public void Answer(Answer answer)
    {
        if (_open.TryGetValue(answer.Question, out TaskCompletionSource<Answer>? asked))
            asked.TrySetResult(answer);
    }

    /// <summary>Ends the waiting for answers that will not come.</summary>
    public void Cancel()
    {
        foreach (TaskCompletionSource<Answer> asked in _open.Values)
            asked.TrySetCanceled();
    }
}
