variable "repository" {
  type        = string
  description = "Your repository of Dispatcher, OWNER/REPOSITORY. Only its workflows may assume the roles."

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "repository must be OWNER/REPOSITORY, without https:// and without .git."
  }
}

variable "repository_ids" {
  type = object({
    owner      = string
    repository = string
  })
  default     = null
  description = "Numeric IDs of the owner and of the repository. GitHub adds them to the subject of a repository that was created, renamed or transferred since July 2026."

  validation {
    condition     = var.repository_ids == null || can(regex("^[0-9]+ [0-9]+$", "${var.repository_ids.owner} ${var.repository_ids.repository}"))
    error_message = "repository_ids must be the numeric IDs: gh api repos/OWNER/REPOSITORY --jq '.owner.id, .id'."
  }
}

variable "environments" {
  type        = set(string)
  default     = ["dev", "prod"]
  description = "Environments that this AWS account has. Apply the root once in each account."

  validation {
    condition     = alltrue([for name in var.environments : can(regex("^[a-z][a-z0-9]{0,15}$", name))])
    error_message = "environments must be names of 1 to 16 characters from a-z and 0-9 that do not begin with a digit."
  }

  validation {
    condition     = length(setintersection(var.environments, ["boundary", "deploy", "release", "state"])) == 0
    error_message = "environments must not be named boundary, deploy, release or state: this root uses these names itself."
  }
}

variable "state_bucket" {
  type        = string
  default     = null
  description = "Name of the bucket for Terraform's state and plans; null for dispatcher-state-ACCOUNT-REGION."

  validation {
    condition     = var.state_bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.state_bucket))
    error_message = "state_bucket must be a name that S3 supports: 3 to 63 characters from a-z, 0-9, dots and hyphens."
  }
}

variable "oidc_provider_arn" {
  type        = string
  default     = null
  description = "ARN of the account's OIDC provider for token.actions.githubusercontent.com, if it has one already: an account can have only one."

  validation {
    condition     = var.oidc_provider_arn == null || can(regex("^arn:[^:]+:iam:.*:oidc-provider/", var.oidc_provider_arn))
    error_message = "oidc_provider_arn must be the ARN of an OIDC provider (arn:aws:iam::…:oidc-provider/…)."
  }
}

variable "has_registry" {
  type        = bool
  default     = true
  description = "Whether this account has the image repositories and the role of the releases. In an account that reads the images of another one: false."
}

variable "reading_accounts" {
  type        = list(string)
  default     = []
  description = "IDs of other AWS accounts whose functions run the images of this account."

  validation {
    condition     = alltrue([for account in var.reading_accounts : can(regex("^[0-9]{12}$", account))])
    error_message = "reading_accounts must contain AWS account IDs: strings of 12 digits."
  }
}

variable "force_delete" {
  type        = bool
  default     = false
  description = "Whether a destroy also deletes the images and the states. Set it only to remove everything."
}

variable "cost_tags" {
  type        = map(string)
  default     = {}
  description = "Cost allocation tags of every resource, added to application, such as { team = \"…\" }."

  validation {
    condition     = !contains(keys(var.cost_tags), "application")
    error_message = "cost_tags must not contain application: this root sets the tag itself."
  }
}
