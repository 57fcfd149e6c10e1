variable "reading_accounts" {
  type        = list(string)
  description = "IDs of other AWS accounts whose functions run these images, for example a separate account for prod."

  validation {
    condition     = alltrue([for account in var.reading_accounts : can(regex("^[0-9]{12}$", account))])
    error_message = "reading_accounts must contain AWS account IDs: strings of 12 digits."
  }
}

variable "force_delete" {
  type        = bool
  description = "Whether a destroy also deletes the images."
}
