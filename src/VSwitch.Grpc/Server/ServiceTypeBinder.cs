using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace VSwitch.Grpc.Server;

/// <summary>
/// Turns the methods of a service type into handlers that find the call's instance first, and hands them on. Delegates are made
/// once, at start; a call then costs a service look-up and a delegate call.
/// </summary>
internal sealed class ServiceTypeBinder<TService>(ServiceBinderBase inner) : ServiceBinderBase
    where TService : class
{
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? _)
    {
        var handler = Open<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>(method);
        inner.AddMethod(method, new UnaryServerMethod<TRequest, TResponse>(
            (request, context) => handler(Instance(context), request, context)));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? _)
    {
        var handler = Open<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>(method);
        inner.AddMethod(method, new ClientStreamingServerMethod<TRequest, TResponse>(
            (requests, context) => handler(Instance(context), requests, context)));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? _)
    {
        var handler = Open<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(method);
        inner.AddMethod(method, new ServerStreamingServerMethod<TRequest, TResponse>(
            (request, responses, context) => handler(Instance(context), request, responses, context)));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? _)
    {
        var handler = Open<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(method);
        inner.AddMethod(method, new DuplexStreamingServerMethod<TRequest, TResponse>(
            (requests, responses, context) => handler(Instance(context), requests, responses, context)));
    }

    // A delegate whose first parameter is the service; the others are the parameters by which the method is found.
    private static TDelegate Open<TDelegate>(IMethod method)
        where TDelegate : Delegate
    {
        Type[] parameters = typeof(TDelegate).GetGenericArguments()[1..^1];
        return typeof(TService).GetMethod(method.Name, parameters)?.CreateDelegate<TDelegate>()
            ?? throw new InvalidOperationException($"{typeof(TService)} has no public method for {method.FullName}.");
    }

    private static TService Instance(ServerCallContext context)
    {
        HttpContext http = context.GetHttpContext();
        if (http.RequestServices.GetService<TService>() is { } registered)
        {
            return registered;
        }

        TService created = ActivatorUtilities.CreateInstance<TService>(http.RequestServices);
        if (created is IAsyncDisposable asyncDisposable)
        {
            http.Response.RegisterForDisposeAsync(asyncDisposable);
        }
        else if (created is IDisposable disposable)
        {
            http.Response.RegisterForDispose(disposable);
        }

        return created;
    }
}
