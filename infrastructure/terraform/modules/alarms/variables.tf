variable "name" {
  type        = string
  description = "Name of the dashboard, and what the names of the alarms begin with."
}

variable "topic_arn" {
  type        = string
  description = "SNS topic that is told of each alarm and of its end; null for alarms that are only seen in CloudWatch."
}

variable "queues" {
  type        = map(string)
  description = "Names of the queues."
}

variable "dead_letter_queues" {
  type        = map(string)
  description = "Names of the queues in which anything at all is a reason to look."
}

variable "functions" {
  type        = map(string)
  description = "Names of the functions."
}

variable "schedules" {
  type = map(object({
    rule    = string
    seconds = number
  }))
  description = "Names of the scheduled rules, and how often each runs."
}

variable "api_id" {
  type        = string
  description = "Id of the HTTP API."
}

variable "thresholds" {
  type = object({
    oldest_message_seconds = optional(number, 900)
    fact_age_seconds       = optional(number, 300)
    delivery_check_seconds = optional(number, 900)
    rate_limit_remaining   = optional(number, 500)
  })
  description = "From when on an alarm is raised."
}
