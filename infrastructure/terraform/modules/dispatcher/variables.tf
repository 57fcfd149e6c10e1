variable "name" {
  type        = string
  description = "What the names of all resources begin with."
}

variable "images" {
  type        = map(string)
  description = "Image of each function by digest."
}

variable "github_app_id" {
  type        = string
  description = "Id of the GitHub App."
}

variable "github_app_slug" {
  type        = string
  description = "Slug of the GitHub App."
}

variable "admin_basic_user" {
  type        = string
  description = "User name of the admin API."
}

variable "admin_oidc" {
  type = object({
    issuer         = string
    audience       = string
    operator_value = string
    viewer_value   = string
    role_claim     = string
    name_claim     = string
  })
  description = "The OpenID provider whose tokens open the admin API; null for user and password."
}

variable "settings" {
  type        = map(string)
  description = "Optional environment variables of the functions, by name."

  validation {
    condition     = length(setsubtract(keys(var.settings), local.settable)) == 0
    error_message = "settings has names that no function reads, or that Terraform sets itself: ${join(", ", setsubtract(keys(var.settings), local.settable))}. It takes: ${join(", ", local.settable)}."
  }
}

variable "memory" {
  type        = map(number)
  description = "Memory of each function in MB."
}

variable "reserved_concurrency" {
  type        = map(number)
  description = "Reserved concurrency of the functions that have one."
}

variable "throttling" {
  type = object({
    rate  = number
    burst = number
  })
  description = "Requests a second, and how many at once, of each route."
}

variable "log_retention_days" {
  type        = number
  description = "Days for which logs are kept."
}

variable "archive_days" {
  type        = number
  description = "Days for which the archive keeps facts."
}

variable "deletion_protection" {
  type        = bool
  description = "Whether AWS refuses to delete the tables."
}

variable "table_names" {
  type        = map(string)
  description = "Physical names of tables that have another than NAME-TABLE, as after a restore."

  validation {
    condition     = length(setsubtract(keys(var.table_names), keys(local.description.tables))) == 0
    error_message = "table_names takes: ${join(", ", keys(local.description.tables))}."
  }
}

variable "custom_domain" {
  type = object({
    name            = string
    certificate_arn = string
  })
  description = "A domain name and its certificate; null for AWS's own name only."
}

variable "alarm_topic_arn" {
  type        = string
  description = "SNS topic of the alarms, or null."
}

variable "alarm_thresholds" {
  type = object({
    oldest_message_seconds = optional(number)
    fact_age_seconds       = optional(number)
    delivery_check_seconds = optional(number)
    rate_limit_remaining   = optional(number)
  })
  description = "From when on an alarm is raised."
}
