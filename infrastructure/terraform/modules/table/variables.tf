variable "name" {
  type        = string
  description = "Physical name of the table."
}

variable "billing" {
  type        = string
  description = "Billing mode, such as PAY_PER_REQUEST."
}

variable "hash" {
  type        = string
  description = "Partition key. Every key attribute is a string."
}

variable "range" {
  type        = string
  description = "Sort key; null if there is none."
}

variable "indexes" {
  type = list(object({
    name    = string
    hash    = string
    range   = string
    include = list(string)
  }))
  description = "Global secondary indexes with their non-key attributes."
}

variable "time_to_live" {
  type        = string
  description = "TTL attribute: the time, in seconds since the epoch, after which DynamoDB may delete an item."
}

variable "point_in_time_recovery" {
  type        = bool
  description = "Whether point-in-time recovery is enabled: the table can be restored to any second of the last 35 days."
}

variable "deletion_protection" {
  type        = bool
  description = "Whether DynamoDB refuses to delete the table."
}
