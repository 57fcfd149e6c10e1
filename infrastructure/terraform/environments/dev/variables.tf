variable "images" {
  type = object({
    ingress  = string
    planning = string
    dispatch = string
    facts    = string
    admin    = string
  })
  description = "The image of each function by digest: REGISTRY/REPOSITORY@sha256:…"

  validation {
    condition     = alltrue([for image in values(var.images) : can(regex("^[^@]+@sha256:[0-9a-f]{64}$", image))])
    error_message = "Name every image by its digest, REGISTRY/REPOSITORY@sha256:… with 64 hexadecimal digits. A tag can be another image tomorrow."
  }
}

variable "github_app_id" {
  type        = string
  description = "Id of this environment's own GitHub App: an App has one webhook URL."

  validation {
    condition     = can(regex("^[0-9]+$", var.github_app_id))
    error_message = "github_app_id is the number on the App's page under \"App ID\", not its client id."
  }
}

variable "github_app_slug" {
  type        = string
  description = "Slug of the GitHub App: the last part of its page's address, github.com/apps/SLUG."

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]*$", var.github_app_slug))
    error_message = "github_app_slug is the last part of github.com/apps/SLUG: lower-case letters, digits and hyphens, without [bot]."
  }
}

variable "admin_basic_user" {
  type        = string
  default     = "operator"
  description = "User name of the admin API; its password is a secret."

  validation {
    condition     = length(var.admin_basic_user) > 0 && !strcontains(var.admin_basic_user, ":")
    error_message = "admin_basic_user must not be empty and has no colon: HTTP separates user and password by one."
  }
}

variable "admin_oidc" {
  type = object({
    issuer         = string
    audience       = string
    operator_value = string
    viewer_value   = optional(string)
    role_claim     = optional(string)
    name_claim     = optional(string)
  })
  default     = null
  description = "The OpenID provider whose bearer tokens open the admin API, instead of user and password; docs/guide/admin-access.md says what to write."

  validation {
    condition     = var.admin_oidc == null || can(regex("^https://[^?# ]+$", var.admin_oidc.issuer))
    error_message = "admin_oidc.issuer is the provider's https address, to the letter as its tokens say it in iss."
  }

  validation {
    condition = var.admin_oidc == null ? true : (
      length(var.admin_oidc.audience) > 0 && length(var.admin_oidc.operator_value) > 0 &&
    var.admin_oidc.viewer_value != var.admin_oidc.operator_value)
    error_message = "admin_oidc needs an audience and an operator_value, and its viewer_value is another: else every viewer would be an operator."
  }
}

variable "settings" {
  type        = map(string)
  default     = {}
  description = "Optional environment variables of the functions by name, as in { MAX_TARGETS_PER_RUN = \"10\" }; .env.example says what each does."
}

variable "memory" {
  type = object({
    ingress  = optional(number, 512)
    planning = optional(number, 1024)
    dispatch = optional(number, 512)
    facts    = optional(number, 512)
    admin    = optional(number, 512)
  })
  default     = {}
  description = "Memory of each function in MB; the share of a CPU grows with it."

  validation {
    condition     = alltrue([for megabytes in values(var.memory) : megabytes >= 128 && megabytes <= 10240])
    error_message = "memory must be from 128 to 10240 MB for each function, as Lambda has it."
  }
}

variable "reserved_concurrency" {
  type = object({
    ingress = optional(number, 50)
    admin   = optional(number, 10)
  })
  default     = {}
  description = "Most invocations at the same time of the functions behind the API; -1 reserves nothing. The others are limited by their queues."

  validation {
    condition     = alltrue([for most in values(var.reserved_concurrency) : most == -1 || most >= 1])
    error_message = "reserved_concurrency is at least 1, or -1 for no reservation: 0 would stop the function. An account must keep 100 unreserved, so a new one with a limit of 10 needs -1 for both."
  }
}

variable "throttling" {
  type = object({
    rate  = optional(number, 100)
    burst = optional(number, 200)
  })
  default     = {}
  description = "Requests a second, and how many at once, that each route of the API takes."

  validation {
    condition     = var.throttling.rate >= 1 && var.throttling.burst >= var.throttling.rate
    error_message = "throttling needs a rate of at least 1 and a burst no smaller than the rate: GitHub sends the deliveries of a matrix at once."
  }
}

variable "log_retention_days" {
  type        = number
  default     = null
  description = "Days for which logs are kept; null for this environment's default."

  validation {
    condition     = var.log_retention_days == null || contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], coalesce(var.log_retention_days, 0))
    error_message = "log_retention_days must be one of CloudWatch's own: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545 or 731."
  }
}

variable "archive_days" {
  type        = number
  default     = null
  description = "Days for which the archive keeps facts for a replay; null for this environment's default."

  validation {
    condition     = var.archive_days == null || coalesce(var.archive_days, 0) >= 1
    error_message = "archive_days must be at least 1: to AWS, 0 means for ever."
  }
}

variable "table_names" {
  type        = map(string)
  default     = {}
  description = "Physical names of tables that have another than the usual, as after a restore: { state = \"…\" }."
}

variable "custom_domain" {
  type = object({
    name            = string
    certificate_arn = string
  })
  default     = null
  description = "A domain name of your own and the ARN of its certificate in the same region; null for AWS's own name only."

  validation {
    condition     = var.custom_domain == null || can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.custom_domain.name))
    error_message = "custom_domain.name is a host name such as dispatcher.example.com, without https:// and without a path."
  }

  validation {
    condition     = var.custom_domain == null || can(regex("^arn:[^:]+:acm:", var.custom_domain.certificate_arn))
    error_message = "custom_domain.certificate_arn is the ARN of a certificate in Certificate Manager (arn:aws:acm:…)."
  }
}

variable "alarm_topic_arn" {
  type        = string
  default     = null
  description = "SNS topic that is told of each alarm and of its end; null for alarms that are only seen in CloudWatch."

  validation {
    condition     = var.alarm_topic_arn == null || can(regex("^arn:[^:]+:sns:", var.alarm_topic_arn))
    error_message = "alarm_topic_arn is the ARN of an SNS topic (arn:aws:sns:…), or null."
  }
}

variable "alarm_thresholds" {
  type = object({
    oldest_message_seconds = optional(number)
    fact_age_seconds       = optional(number)
    delivery_check_seconds = optional(number)
    rate_limit_remaining   = optional(number)
  })
  default     = {}
  description = "From when on an alarm is raised; what is left out has the default of modules/alarms."

  validation {
    condition     = alltrue([for threshold in values(var.alarm_thresholds) : threshold == null ? true : threshold > 0])
    error_message = "Every alarm threshold must be above 0; leave one out for its default."
  }
}

variable "cost_tags" {
  type        = map(string)
  default     = {}
  description = "Tags on every resource beside application and environment, as in { team = \"…\", cost-center = \"…\" }."

  validation {
    condition     = length(setintersection(keys(var.cost_tags), ["application", "environment"])) == 0
    error_message = "cost_tags must not set application or environment: those two are set already."
  }
}
