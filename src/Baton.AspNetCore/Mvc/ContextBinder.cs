using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Validation;

namespace Baton.AspNetCore;

/// <summary>Gives actions of controllers and handlers of Razor Pages the request's context.</summary>
internal sealed class ContextBinder : IModelBinder, IModelBinderProvider
{
    public IModelBinder? GetBinder(ModelBinderProviderContext context) =>
        context.Metadata.ModelType == typeof(Context) ? this : null;

    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var ctx = bindingContext.HttpContext.RequestContext;

        // Validation would walk through its properties.
        bindingContext.ValidationState.Add(ctx, new ValidationStateEntry { SuppressValidation = true });
        bindingContext.Result = ModelBindingResult.Success(ctx);
        return Task.CompletedTask;
    }
}
