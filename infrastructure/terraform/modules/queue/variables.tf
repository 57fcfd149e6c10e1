variable "name" {
  type        = string
  description = "Name of the queue."
}

variable "dead_letter_queue" {
  type        = string
  description = "Name of its dead-letter queue."
}

variable "visibility_timeout" {
  type        = number
  description = "Seconds for which a message that was received is hidden from others."
}

variable "reader_timeout" {
  type        = number
  description = "Time-out in seconds of the function that reads the queue."

  validation {
    condition     = var.visibility_timeout >= 6 * var.reader_timeout
    error_message = "visibility_timeout must be at least 6 × reader_timeout, or a message is handed out again while its function still works on it."
  }
}

variable "retention" {
  type        = number
  description = "Seconds for which the queue keeps a message."
}

variable "dead_letter_retention" {
  type        = number
  description = "Seconds for which the dead-letter queue keeps a message, counted from when it was first sent."

  validation {
    condition     = var.dead_letter_retention > var.retention
    error_message = "dead_letter_retention must be longer than retention: a dead letter keeps the time at which it was first sent."
  }
}

variable "max_receive_count" {
  type        = number
  description = "Receives after which SQS itself moves a message to the dead-letter queue: the last resort, since deferrals count too."
}
