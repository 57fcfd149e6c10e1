variable "name" {
  type        = string
  description = "Name of the API."
}

variable "functions" {
  type = map(object({
    name       = string
    invoke_arn = string
  }))
  description = "The functions behind the routes."
}

variable "routes" {
  type        = map(string)
  description = "Which function answers which route, by route key (METHOD /path)."
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
  description = "Days for which the access log is kept."
}

variable "custom_domain" {
  type = object({
    name            = string
    certificate_arn = string
  })
  description = "A domain name and its certificate in Certificate Manager; null for AWS's own name only."
}
