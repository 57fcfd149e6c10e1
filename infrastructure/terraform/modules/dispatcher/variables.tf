variable "environment" {
  type        = string
  description = "Name of the environment, such as dev. The names of all resources begin with dispatcher-ENVIRONMENT."

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{0,15}$", var.environment))
    error_message = "environment must be 1 to 16 characters from a-z and 0-9 and must not begin with a digit, because it is part of every resource name."
  }
}

variable "images" {
  type = object({
    ingress  = string
    planning = string
    dispatch = string
    facts    = string
    admin    = string
  })
  description = "Container image of each function, by digest: REGISTRY/REPOSITORY@sha256:…"

  validation {
    condition     = alltrue([for image in values(var.images) : can(regex("^[^@]+@sha256:[0-9a-f]{64}$", image))])
    error_message = "images must name every image by its digest, REGISTRY/REPOSITORY@sha256:… with 64 hexadecimal digits. A tag can point to another image later."
  }
}

variable "github_app_id" {
  type        = string
  description = "App ID of the environment's GitHub App. Each environment needs its own App, because an App has one webhook URL."

  validation {
    condition     = can(regex("^[0-9]+$", var.github_app_id))
    error_message = "github_app_id must be the number shown as \"App ID\" on the App's settings page, not the client ID."
  }
}

variable "github_app_slug" {
  type        = string
  description = "Slug of the GitHub App: the last part of its URL, github.com/apps/SLUG."

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]*$", var.github_app_slug))
    error_message = "github_app_slug must be the last part of github.com/apps/SLUG: lower-case letters, digits and hyphens, without [bot]."
  }
}

variable "deletion_protection" {
  type        = bool
  description = "Whether DynamoDB refuses to delete the tables."
}

variable "settings" {
  type = object({
    # Number of days for which CloudWatch keeps the logs.
    log_retention_days = number

    # Number of days for which the EventBridge archive keeps facts for a replay.
    archive_days = number

    # Memory of each function in MB. Lambda's CPU share grows with it.
    memory = optional(object({
      ingress  = optional(number, 512)
      planning = optional(number, 1024)
      dispatch = optional(number, 512)
      facts    = optional(number, 512)
      admin    = optional(number, 512)
    }), {})

    # Reserved concurrency of the functions that only the API invokes; -1 reserves none. The event source mappings limit
    # the functions that read a queue. Off by default, because a new AWS account has a limit of 10 executions and AWS
    # refuses a reservation that leaves fewer than 100 unreserved.
    reserved_concurrency = optional(object({
      ingress = optional(number, -1)
      admin   = optional(number, -1)
    }), {})

    # Requests per second and burst that the HTTP API accepts on a route: webhooks (POST /webhooks/github),
    # third_party_webhooks (the others below /webhooks), dispatch (ANY /dispatch), api (ANY /api/*), health (GET /health),
    # dashboard (GET / and GET /*) or auth (ANY /auth/*), such as { webhooks = { rate = 200, burst = 400 } }.
    throttling = optional(map(object({
      rate  = number
      burst = number
    })), {})

    # Optional environment variables of the functions by name, such as { MAX_TARGETS_PER_RUN = "10" }. Each function gets
    # those that it reads; .env.example describes them.
    environment_variables = optional(map(string), {})

    # User name of the admin API under basic authentication. Its password is a secret.
    admin_basic_user = optional(string, "operator")

    # OpenID Connect provider whose bearer tokens the admin API accepts. It replaces basic authentication;
    # docs/guide/admin-access.md describes the attributes.
    admin_oidc = optional(object({
      issuer         = string
      audience       = string
      operator_value = string
      viewer_value   = optional(string)
      role_claim     = optional(string)
      name_claim     = optional(string)
      client_id      = optional(string)
    }))

    # Sign-in with the user authorization of the GitHub App, and who has access by the roles at GitHub. It replaces basic
    # authentication; docs/guide/sign-in.md describes the attributes.
    admin_github = optional(object({
      client_id = string
      operators = list(string)
      viewers   = optional(list(string), [])
    }))

    # Address under which browsers reach Dispatcher, where that is not the address of the HTTP API: a CDN in front of it.
    public_url = optional(string)

    # Physical names of the tables that are not named dispatcher-ENVIRONMENT-TABLE, for example after a restore.
    table_names = optional(map(string), {})

    # Custom domain of the HTTP API and the ARN of its certificate in the same region.
    custom_domain = optional(object({
      name            = string
      certificate_arn = string
    }))

    # E-mail addresses that receive the alarm and OK notifications. AWS asks each of them to confirm once.
    alarm_emails = optional(list(string), [])

    # An existing SNS topic for the notifications. Without one, the environment gets a topic of its own.
    alarm_topic_arn = optional(string)

    # Where the runbooks are published, such as https://github.com/OWNER/REPOSITORY/blob/main/docs/runbooks: the text of
    # every alarm links its page. The deploy scripts set it in a pipeline.
    runbooks_url = optional(string, "docs/runbooks")

    # Number of days for which a deleted secret can be restored, 7 to 30. 0 deletes at once, so that the environment can be
    # destroyed and applied again under the same names.
    secret_recovery_days = optional(number, 7)

    # Permissions boundary of every function's role, for example that of infrastructure/terraform/bootstrap. The role that
    # deploys may create roles only with it.
    permissions_boundary_arn = optional(string)

    # Alarm thresholds; modules/alarms has the defaults.
    alarm_thresholds = optional(object({
      oldest_message_seconds = optional(number)
      fact_age_seconds       = optional(number)
      delivery_check_seconds = optional(number)
      rate_limit_remaining   = optional(number)
      refused_signatures     = optional(number)
      failed_percent         = optional(number)
      silence_hours          = optional(number)
    }), {})

    # Cost allocation tags of every resource, added to application and environment, such as { team = "…" }. The
    # environment's provider sets them.
    cost_tags = optional(map(string), {})
  })
  description = "What an operator may change in an environment. Every attribute but log_retention_days and archive_days has a default."

  validation {
    condition     = try(contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.settings.log_retention_days), false)
    error_message = "log_retention_days must be a value that CloudWatch Logs supports: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545 or 731."
  }

  validation {
    condition     = try(var.settings.archive_days >= 1, false)
    error_message = "archive_days must be at least 1: 0 would keep the facts forever."
  }

  validation {
    condition     = alltrue([for megabytes in values(var.settings.memory) : megabytes >= 128 && megabytes <= 10240])
    error_message = "memory must be 128 to 10240 MB for each function, the range that Lambda supports."
  }

  validation {
    condition     = alltrue([for limit in values(var.settings.reserved_concurrency) : limit == -1 || limit >= 1])
    error_message = "reserved_concurrency must be at least 1, or -1 to reserve none; 0 would stop the function. AWS keeps 100 executions of an account unreserved, so an account with a limit of 10 needs -1 for both functions."
  }

  validation {
    condition     = alltrue([for share in values(var.settings.throttling) : share.rate >= 1 && share.burst >= share.rate])
    error_message = "throttling needs for each route a rate of at least 1 and a burst that is not smaller than the rate: the runs of a matrix cause many deliveries at once."
  }

  validation {
    condition     = length(setsubtract(keys(var.settings.throttling), ["webhooks", "third_party_webhooks", "dispatch", "api", "health", "dashboard", "auth"])) == 0
    error_message = "throttling has routes that do not exist. It accepts: webhooks, third_party_webhooks, dispatch, api, health, dashboard, auth."
  }

  validation {
    condition     = length(setsubtract(keys(var.settings.environment_variables), local.settable)) == 0
    error_message = "environment_variables has names that no function reads or that Terraform sets itself: ${join(", ", setsubtract(keys(var.settings.environment_variables), local.settable))}. It accepts: ${join(", ", local.settable)}."
  }

  validation {
    condition     = length(var.settings.admin_basic_user) > 0 && !strcontains(var.settings.admin_basic_user, ":")
    error_message = "admin_basic_user must not be empty and must not contain a colon: HTTP separates user name and password by a colon."
  }

  validation {
    condition     = var.settings.admin_oidc == null || can(regex("^https://[^?# ]+$", var.settings.admin_oidc.issuer))
    error_message = "admin_oidc.issuer must be the provider's https URL, character for character as in the iss claim of its tokens."
  }

  validation {
    condition = var.settings.admin_oidc == null ? true : (
      length(var.settings.admin_oidc.audience) > 0 && length(var.settings.admin_oidc.operator_value) > 0 &&
    var.settings.admin_oidc.viewer_value != var.settings.admin_oidc.operator_value)
    error_message = "admin_oidc needs an audience and an operator_value, and a viewer_value that differs from operator_value: otherwise every viewer would be an operator."
  }

  validation {
    condition     = var.settings.admin_github == null || var.settings.admin_oidc == null
    error_message = "admin_github and admin_oidc exclude each other: people sign in in one way."
  }

  validation {
    condition = var.settings.admin_github == null ? true : (
      length(var.settings.admin_github.operators) > 0 && alltrue([
        for source in concat(var.settings.admin_github.operators, var.settings.admin_github.viewers) :
        can(regex("^(repo:[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+|team:[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+|org:[A-Za-z0-9_.-]+)$", source))
    ]))
    error_message = "admin_github needs operators, each as repo:OWNER/NAME, team:ORGANIZATION/SLUG or org:ORGANIZATION; viewers have the same forms."
  }

  validation {
    condition     = var.settings.admin_github == null || can(regex("[^0-9]", var.settings.admin_github.client_id))
    error_message = "admin_github.client_id must be the Client ID of the App's settings page, which begins with Iv, not the App ID."
  }

  validation {
    condition     = var.settings.public_url == null || can(regex("^https://[^/?#@ ]+$", var.settings.public_url))
    error_message = "public_url must be an https address without a path, such as https://dispatcher.example.com."
  }

  validation {
    condition     = length(setsubtract(keys(var.settings.table_names), keys(local.description.tables))) == 0
    error_message = "table_names has tables that do not exist. It accepts: ${join(", ", keys(local.description.tables))}."
  }

  validation {
    condition     = var.settings.custom_domain == null || can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.settings.custom_domain.name))
    error_message = "custom_domain.name must be a host name such as dispatcher.example.com, without https:// and without a path."
  }

  validation {
    condition     = var.settings.custom_domain == null || can(regex("^arn:[^:]+:acm:", var.settings.custom_domain.certificate_arn))
    error_message = "custom_domain.certificate_arn must be the ARN of a certificate in AWS Certificate Manager (arn:aws:acm:…)."
  }

  validation {
    condition     = var.settings.alarm_topic_arn == null || can(regex("^arn:[^:]+:sns:", var.settings.alarm_topic_arn))
    error_message = "alarm_topic_arn must be the ARN of an SNS topic (arn:aws:sns:…)."
  }

  validation {
    condition     = alltrue([for address in var.settings.alarm_emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", address))])
    error_message = "alarm_emails must contain e-mail addresses such as oncall@example.com."
  }

  validation {
    condition     = var.settings.alarm_topic_arn == null || length(var.settings.alarm_emails) == 0
    error_message = "alarm_emails subscribe to the environment's own topic: leave out alarm_topic_arn, or subscribe the addresses to that topic yourself."
  }

  validation {
    condition     = can(regex("^[^ ]*[^ /]$", var.settings.runbooks_url))
    error_message = "runbooks_url must be the address of the folder with the runbooks, without spaces and without a trailing slash."
  }

  validation {
    condition     = var.settings.secret_recovery_days == 0 || (var.settings.secret_recovery_days >= 7 && var.settings.secret_recovery_days <= 30)
    error_message = "secret_recovery_days must be 7 to 30, the range that Secrets Manager supports, or 0 to delete at once."
  }

  validation {
    condition     = var.settings.permissions_boundary_arn == null || can(regex("^arn:[^:]+:iam:.*:policy/", var.settings.permissions_boundary_arn))
    error_message = "permissions_boundary_arn must be the ARN of an IAM policy (arn:aws:iam::…:policy/…)."
  }

  validation {
    condition     = alltrue([for threshold in values(var.settings.alarm_thresholds) : threshold == null ? true : threshold > 0])
    error_message = "alarm_thresholds must be greater than 0; leave a threshold out to use its default."
  }

  validation {
    condition     = length(setintersection(keys(var.settings.cost_tags), ["application", "environment"])) == 0
    error_message = "cost_tags must not contain application or environment: the environment sets these two tags itself."
  }
}

variable "setting_names" {
  type        = set(string)
  description = "Names of the settings that the operator gave. Terraform drops unknown attributes when it converts an object, so a misspelled setting would go unnoticed without them."

  validation {
    condition     = length(setsubtract(var.setting_names, keys(var.settings))) == 0
    error_message = "settings has unknown names: ${join(", ", setsubtract(var.setting_names, keys(var.settings)))}. It accepts: ${join(", ", keys(var.settings))}."
  }
}
