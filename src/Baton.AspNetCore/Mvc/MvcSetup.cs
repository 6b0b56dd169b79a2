using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;
using Microsoft.Extensions.Options;

namespace Baton.AspNetCore;

/// <summary>Lets actions of controllers, and handlers of Razor Pages, take a context.</summary>
internal sealed class MvcSetup : IConfigureOptions<MvcOptions>
{
    public void Configure(MvcOptions options)
    {
        // Before the binders of bodies and of services: it comes from neither.
        options.ModelBinderProviders.Insert(0, new ContextBinder());

        // As MVC has it for tokens: no part of the request, and so none of what is said about the API.
        options.ModelMetadataDetailsProviders.Add(
            new BindingSourceMetadataProvider(typeof(Context), BindingSource.Special));
    }
}
