variable "prefix" {
  type        = string
  description = "What the entries' names begin with."
}

variable "entries" {
  type        = map(string)
  description = "Entries by name, with what each is for."
}

variable "recovery_days" {
  type        = number
  description = "Days for which a deleted entry can be brought back, 7 to 30."

  validation {
    condition     = var.recovery_days >= 7 && var.recovery_days <= 30
    error_message = "recovery_days must be from 7 to 30, as Secrets Manager has it."
  }
}
