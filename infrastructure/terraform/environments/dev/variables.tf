# modules/dispatcher/variables.tf describes and validates these variables.

variable "images" { type = map(string) }

variable "github_app_id" { type = string }

variable "github_app_slug" { type = string }

# `any`, because the module declares the attributes once for both environments.
variable "settings" {
  type     = any
  default  = {}
  nullable = false
}
