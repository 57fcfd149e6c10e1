variable "prefix" {
  type        = string
  description = "Prefix of the names of the secrets."
}

variable "secrets" {
  type        = map(string)
  description = "Descriptions of the secrets, by name."
}

variable "recovery_window_days" {
  type        = number
  description = "Number of days for which a deleted secret can be restored, 7 to 30; 0 deletes at once."

  validation {
    condition     = var.recovery_window_days == 0 || (var.recovery_window_days >= 7 && var.recovery_window_days <= 30)
    error_message = "recovery_window_days must be 7 to 30, the range that Secrets Manager supports, or 0 to delete at once."
  }
}
