variable "reading_accounts" {
  type        = list(string)
  default     = []
  description = "IDs of other AWS accounts whose functions run these images, for example a separate account for prod."

  validation {
    condition     = alltrue([for account in var.reading_accounts : can(regex("^[0-9]{12}$", account))])
    error_message = "reading_accounts must contain AWS account IDs: strings of 12 digits."
  }
}

variable "cost_tags" {
  type        = map(string)
  default     = {}
  description = "Cost allocation tags of every repository, added to application, such as { team = \"…\" }."

  validation {
    condition     = !contains(keys(var.cost_tags), "application")
    error_message = "cost_tags must not contain application: this root sets the tag itself."
  }
}
