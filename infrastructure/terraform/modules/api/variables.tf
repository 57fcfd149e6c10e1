variable "name" {
  type        = string
  description = "Name of the HTTP API."
}

variable "functions" {
  type = map(object({
    name       = string
    alias      = string
    invoke_arn = string
  }))
  description = "Functions that the routes invoke, each through an alias."
}

variable "routes" {
  type = map(object({
    function = string
    rate     = number
    burst    = number
  }))
  description = "Function of each route, by route key (METHOD /path), with the requests per second and the burst that the API accepts on it."
}

variable "log_retention_days" {
  type        = number
  description = "Number of days for which CloudWatch keeps the access log."
}

variable "custom_domain" {
  type = object({
    name            = string
    certificate_arn = string
  })
  description = "Domain name and its certificate in AWS Certificate Manager; null to use the generated URL only."
}
