variable "name" {
  type        = string
  description = "Name of the function, of its role and of its log group."
}

variable "description" {
  type        = string
  description = "What the function does, in one sentence."
}

variable "image" {
  type        = string
  description = "Container image by digest: REGISTRY/REPOSITORY@sha256:…"

  validation {
    condition     = can(regex("^[^@]+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image must name the image by its digest, REGISTRY/REPOSITORY@sha256:… with 64 hexadecimal digits. A tag can point to another image later."
  }
}

variable "memory" {
  type        = number
  description = "Memory in MB. Lambda's CPU share grows with it."

  validation {
    condition     = var.memory >= 128 && var.memory <= 10240
    error_message = "memory must be 128 to 10240 MB, the range that Lambda supports."
  }
}

variable "timeout" {
  type        = number
  description = "Timeout of an invocation in seconds."
}

variable "permissions_boundary" {
  type        = string
  description = "ARN of the permissions boundary of the role; null for none."
}

variable "reserved_concurrency" {
  type        = number
  description = "Reserved concurrency: concurrent executions set aside from the account's limit; -1 reserves none."
}

variable "environment" {
  type        = map(string)
  description = "Environment variables."
}

variable "grants" {
  type = map(object({
    actions   = list(string)
    resources = list(string)
    # Allowed values of the request by condition operator and condition key.
    conditions = optional(map(map(list(string))), {})
  }))
  description = "Policy statements of the role by SID, in addition to the one for its log."

  validation {
    condition     = alltrue([for grant in values(var.grants) : alltrue([for action in grant.actions : !strcontains(action, "*")])])
    error_message = "grants must name every action without a *: a wildcard also grants actions that the function does not need."
  }

  validation {
    condition     = alltrue([for grant in values(var.grants) : length(grant.resources) > 0 && !contains(grant.resources, "*")])
    error_message = "grants must name the resources of every statement by their ARNs, not as *."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Number of days for which CloudWatch keeps the log."
}

variable "event_sources" {
  type = map(object({
    queue_arn                  = string
    batch_size                 = number
    batching_window            = number
    maximum_concurrency        = number
    report_batch_item_failures = bool
  }))
  description = "The event source mappings of the queues that the function reads, by queue."

  validation {
    condition     = alltrue([for source in values(var.event_sources) : source.report_batch_item_failures])
    error_message = "event_sources: report_batch_item_failures must be true. Otherwise Lambda ignores the list of failed messages and deletes all messages of the batch."
  }
}
