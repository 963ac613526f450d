/// Why an answer cannot be understood, and so is not passed on.
package enum ListViolation: Error, Sendable, Hashable, CaseIterable {
    /// The answer to a list request does not hold that list.
    case listMissing
    /// A list is not an array.
    case listNotArray
    /// A member of the result, or of an item, differs from one that is read only in case.
    case nameTwin
    /// An item is not an object.
    case itemNotObject
    /// An item has no name, or one that is not a string.
    case itemNameUnreadable
    /// Two items of one list have the same name.
    case itemNameTwice
}
