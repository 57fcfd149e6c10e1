variable "name" {
  type        = string
  description = "Name of the bus, and what the names of its rules and its archive begin with."
}

variable "archive_days" {
  type        = number
  description = "Days for which the archive keeps events."
}

variable "undelivered" {
  type = object({
    name      = string
    retention = number
  })
  description = "What the name of the queue for events that no target took ends with, and for how many seconds it keeps them."
}

variable "rules" {
  type = map(object({
    pattern    = string
    queue_arn  = string
    queue_url  = string
    input_path = string
  }))
  description = "Rules by name: the event pattern as JSON, the queue it feeds, and the part of the event that becomes the message."
}

variable "schedules" {
  type = map(object({
    seconds       = number
    input         = string
    function_arn  = string
    function_name = string
  }))
  description = "Schedules by name: the function to invoke, how often, and with what input as JSON."

  validation {
    condition     = alltrue([for schedule in values(var.schedules) : schedule.seconds >= 60 && schedule.seconds % 60 == 0])
    error_message = "EventBridge schedules run every whole minute at most: give each schedule's seconds as a multiple of 60."
  }
}
