variable "name" {
  type        = string
  description = "Name of the event bus and of its archive, and prefix of the names of its rules."
}

variable "archive_days" {
  type        = number
  description = "Number of days for which the archive keeps events."
}

variable "undelivered_events" {
  type = object({
    name      = string
    retention = number
  })
  description = "The queue for undelivered events: its name after the prefix, and its message retention in seconds."
}

variable "rules" {
  type = map(object({
    pattern    = string
    queue_arn  = string
    queue_url  = string
    input_path = string
  }))
  description = "Rules by name: event pattern as JSON, target queue, and the part of the event that becomes the message."
}

variable "schedules" {
  type = map(object({
    seconds       = number
    input         = string
    function_arn  = string
    function_name = string
    alias         = string
  }))
  description = "Schedules by name: interval in seconds, input as JSON, and the function to invoke, with the ARN and the name of its alias."

  validation {
    condition     = alltrue([for schedule in values(var.schedules) : schedule.seconds >= 60 && schedule.seconds % 60 == 0])
    error_message = "seconds of every schedule must be a multiple of 60: EventBridge rates are whole minutes."
  }
}
