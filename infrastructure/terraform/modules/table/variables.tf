variable "name" {
  type        = string
  description = "Physical name of the table."
}

variable "billing" {
  type        = string
  description = "Billing mode as DynamoDB names it."
}

variable "hash" {
  type        = string
  description = "Partition key. Every key attribute is a string."
}

variable "range" {
  type        = string
  description = "Sort key; null where there is none."
}

variable "indexes" {
  type = list(object({
    name    = string
    hash    = string
    range   = string
    include = list(string)
  }))
  description = "Global secondary indexes with the attributes they hold beside the keys."
}

variable "time_to_live" {
  type        = string
  description = "Attribute that says, in seconds since the epoch, when an item may go."
}

variable "point_in_time_recovery" {
  type        = bool
  description = "Whether the table can be restored to any second of the last 35 days."
}

variable "deletion_protection" {
  type        = bool
  description = "Whether AWS refuses to delete the table."
}
