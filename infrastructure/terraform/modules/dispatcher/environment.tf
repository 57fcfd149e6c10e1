# The environment variables of each function. description.json says which variables a function requires and which are
# optional; this file provides their values.

locals {
  oidc = var.settings.admin_oidc

  # A variable without a value is left out, so that the function uses its default.
  oidc_variables = local.oidc == null ? {} : {
    for name, value in {
      OIDC_ISSUER            = local.oidc.issuer
      OIDC_AUDIENCE          = local.oidc.audience
      OIDC_OPERATOR_VALUE    = local.oidc.operator_value
      OIDC_VIEWER_VALUE      = local.oidc.viewer_value
      OIDC_ROLE_CLAIM        = local.oidc.role_claim
      OIDC_NAME_CLAIM        = local.oidc.name_claim
      OIDC_CLIENT_ID         = local.oidc.client_id
      OIDC_CLIENT_SECRET_ARN = local.oidc.client_id == null ? null : module.secrets.arns["client-secret"]
    } : name => value if value != null
  }

  github = var.settings.admin_github

  github_variables = local.github == null ? {} : {
    for name, value in {
      GITHUB_CLIENT_ID         = local.github.client_id
      GITHUB_CLIENT_SECRET_ARN = module.secrets.arns["client-secret"]
      ADMIN_OPERATORS          = join(",", local.github.operators)
      ADMIN_VIEWERS            = length(local.github.viewers) == 0 ? null : join(",", local.github.viewers)
    } : name => value if value != null
  }

  basic_variables = local.oidc != null || local.github != null ? {} : {
    ADMIN_BASIC_USER         = var.settings.admin_basic_user
    ADMIN_BASIC_PASSWORD_ARN = module.secrets.arns["admin-password"]
  }

  general_variables = merge(local.oidc_variables, local.github_variables, local.basic_variables, {
    BUS_NAME                           = module.bus.name
    UNDELIVERED_EVENTS_QUEUE_URL       = module.bus.undelivered_events.url
    GITHUB_APP_ID                      = var.github_app_id
    GITHUB_APP_SLUG                    = var.github_app_slug
    GITHUB_APP_PRIVATE_KEY_ARN         = module.secrets.arns["private-key"]
    GITHUB_WEBHOOK_SECRET_ARN          = module.secrets.arns["webhook-secret"]
    GITHUB_WEBHOOK_SECRET_PREVIOUS_ARN = module.secrets.arns["webhook-secret-previous"]
    METRICS_NAMESPACE                  = local.metrics_namespace
    WEBHOOK_SECRETS_PREFIX             = local.webhook_secrets_prefix
    ADMIN_AUTHENTICATION               = local.github != null ? "github" : local.oidc != null ? "oidc" : "basic"
    PUBLIC_URL                         = coalesce(var.settings.public_url, module.api.url)
  })

  resource_variables = merge(
    { for key, table in module.tables : "${upper(key)}_TABLE" => table.name },
    { for key, queue in module.queues : "${upper(key)}_QUEUE_URL" => queue.url },
    { for key, queue in module.queues : "${upper(key)}_DEAD_LETTER_QUEUE_URL" => queue.dead_letters.url },
  )

  values   = merge(local.resource_variables, local.general_variables)
  required = { for name, function in local.functions : name => function.environment.required }
  optional = { for name, function in local.functions : name => function.environment.optional }

  # The digest of a function's image. An image that is named by a tag alone has none.
  image_digests = {
    for name, image in var.images : name => regex("sha256:[0-9a-f]{64}$", image) if can(regex("@sha256:[0-9a-f]{64}$", image))
  }

  # The plan fails with "Invalid index" when a function requires a variable that has no value here.
  environments = {
    for name in keys(local.functions) : name => merge(
      { for variable in local.required[name] : variable => local.values[variable] },
      {
        for variable in local.optional[name] : variable => local.values[variable]
        # Only with sign-in by GitHub does admin use the App.
        if contains(keys(local.values), variable) && (local.github != null || !(name == "admin" && startswith(variable, "GITHUB_APP_")))
      },
      {
        for variable in local.optional[name] : variable => var.settings.environment_variables[variable]
        if contains(keys(var.settings.environment_variables), variable)
      },
      {
        for variable in local.optional[name] : variable => local.image_digests[name]
        if variable == "IMAGE_DIGEST" && contains(keys(local.image_digests), name)
      },
    )
  }

  # General variables that no function reads. Tables and queues may have unused variables.
  unread_variables = setsubtract(
    keys(local.general_variables),
    distinct(flatten([values(local.required), values(local.optional)])),
  )

  # The variables that an operator may set: the optional ones that Terraform does not set. The list is written out because
  # the validation of a variable must not depend on a resource.
  settable = setsubtract(distinct(flatten(values(local.optional))), [
    "ADMIN_BASIC_USER", "ADMIN_BASIC_PASSWORD_ARN", "METRICS_NAMESPACE", "OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_OPERATOR_VALUE",
    "OIDC_VIEWER_VALUE", "OIDC_ROLE_CLAIM", "OIDC_NAME_CLAIM", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET_ARN",
    "GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY_ARN", "GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET_ARN", "ADMIN_OPERATORS",
    "ADMIN_VIEWERS", "PUBLIC_URL", "IMAGE_DIGEST",
  ])
}
