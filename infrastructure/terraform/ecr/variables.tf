variable "reading_accounts" {
  type        = list(string)
  default     = []
  description = "Ids of other AWS accounts whose functions run these images, as where prod has an account of its own."

  validation {
    condition     = alltrue([for account in var.reading_accounts : can(regex("^[0-9]{12}$", account))])
    error_message = "reading_accounts takes AWS account ids: 12 digits each, as text."
  }
}

variable "cost_tags" {
  type        = map(string)
  default     = {}
  description = "Tags on every repository beside application, as in { team = \"…\" }."

  validation {
    condition     = !contains(keys(var.cost_tags), "application")
    error_message = "cost_tags must not set application: it is set already."
  }
}
