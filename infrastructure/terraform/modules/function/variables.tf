variable "name" {
  type        = string
  description = "Name of the function, of its role and of its log group."
}

variable "description" {
  type        = string
  description = "What the function does, in a sentence."
}

variable "image" {
  type        = string
  description = "The image by digest: REGISTRY/REPOSITORY@sha256:…"

  validation {
    condition     = can(regex("^[^@]+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name the image by its digest, REGISTRY/REPOSITORY@sha256:… with 64 hexadecimal digits. A tag can be another image tomorrow."
  }
}

variable "memory" {
  type        = number
  description = "Memory in MB; the share of a CPU grows with it."

  validation {
    condition     = var.memory >= 128 && var.memory <= 10240
    error_message = "memory must be from 128 to 10240 MB, as Lambda has it."
  }
}

variable "timeout" {
  type        = number
  description = "Seconds after which Lambda ends an invocation."
}

variable "reserved_concurrency" {
  type        = number
  description = "Most invocations at the same time, taken out of the account's own limit; -1 for no reservation."
}

variable "environment" {
  type        = map(string)
  description = "Environment variables."
}

variable "grants" {
  type = map(object({
    actions   = list(string)
    resources = list(string)
  }))
  description = "What the role may do beside writing its log, by statement id."

  validation {
    condition     = alltrue([for grant in values(var.grants) : alltrue([for action in grant.actions : !strcontains(action, "*")])])
    error_message = "Name every action: a * grants what nobody has thought of."
  }

  validation {
    condition     = alltrue([for grant in values(var.grants) : length(grant.resources) > 0 && !contains(grant.resources, "*")])
    error_message = "Name the resources of every statement by their ARNs, never as *."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days for which the log is kept."
}

variable "event_source" {
  type = object({
    queue_arn                  = string
    batch_size                 = number
    batching_window            = number
    maximum_concurrency        = number
    report_batch_item_failures = bool
  })
  description = "The queue that the function reads, and how; null where it reads none."

  validation {
    condition     = var.event_source == null || try(var.event_source.report_batch_item_failures, false)
    error_message = "report_batch_item_failures must be true: without it Lambda ignores the list of failed messages and deletes them."
  }
}
