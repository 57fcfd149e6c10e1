variable "name" {
  type        = string
  description = "Name of the queue."
}

variable "dead_letter_queue" {
  type        = string
  description = "Name of the dead-letter queue."
}

variable "visibility_timeout" {
  type        = number
  description = "Visibility timeout in seconds."
}

variable "reader_timeout" {
  type        = number
  description = "Timeout in seconds of the function that reads the queue."

  validation {
    condition     = var.visibility_timeout >= 6 * var.reader_timeout
    error_message = "visibility_timeout must be at least 6 × reader_timeout: otherwise SQS delivers a message again while the function still processes it."
  }
}

variable "retention" {
  type        = number
  description = "Message retention of the queue in seconds."
}

variable "dead_letter_retention" {
  type        = number
  description = "Message retention of the dead-letter queue in seconds, counted from when the message was first sent."

  validation {
    condition     = var.dead_letter_retention > var.retention
    error_message = "dead_letter_retention must be longer than retention: a dead letter keeps the timestamp of when it was first sent."
  }
}

variable "max_receive_count" {
  type        = number
  description = "Number of receives after which SQS moves a message to the dead-letter queue. Deferrals count too, so it is high and only the last resort."
}
