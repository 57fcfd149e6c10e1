variable "name" {
  type        = string
  description = "Name of the dashboard and prefix of the names of the alarms."
}

variable "namespace" {
  type        = string
  description = "CloudWatch namespace of the functions' metrics."
}

variable "topic_arn" {
  type        = string
  description = "Existing SNS topic that receives the alarm and OK notifications; null to create one."
}

variable "emails" {
  type        = set(string)
  description = "E-mail addresses that subscribe to the topic."
}

variable "runbooks_url" {
  type        = string
  description = "Where the runbooks are published, without a trailing slash: the text of every alarm links its page."
}

variable "queues" {
  type        = map(string)
  description = "Names of the queues."
}

variable "dead_letter_queues" {
  type        = map(string)
  description = "Names of the queues in which any message raises an alarm."
}

variable "functions" {
  type        = map(string)
  description = "Names of the functions."
}

variable "log_groups" {
  type        = map(string)
  description = "Names of the functions' log groups."
}

variable "schedules" {
  type = map(object({
    rule    = string
    seconds = number
  }))
  description = "Names and intervals of the scheduled rules."
}

variable "api_id" {
  type        = string
  description = "ID of the HTTP API."
}

variable "thresholds" {
  type = object({
    oldest_message_seconds = optional(number, 900)
    fact_age_seconds       = optional(number, 300)
    delivery_check_seconds = optional(number, 900)
    rate_limit_remaining   = optional(number, 500)
    refused_signatures     = optional(number, 3)
    failed_percent         = optional(number, 20)
    silence_hours          = optional(number, 24)
  })
  description = "Values above which an alarm is raised; below which for rate_limit_remaining."
}
