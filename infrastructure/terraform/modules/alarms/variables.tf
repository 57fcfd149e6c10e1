variable "name" {
  type        = string
  description = "Name of the dashboard and prefix of the names of the alarms."
}

variable "topic_arn" {
  type        = string
  description = "SNS topic that receives the alarm and OK notifications; null to show alarms in CloudWatch only."
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

variable "ingress_log_group" {
  type        = string
  description = "Name of the log group of the ingress function."
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
  })
  description = "Values above which an alarm is raised; below which for rate_limit_remaining."
}
