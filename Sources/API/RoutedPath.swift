/// A path as the router reads it, which passes over repeated and trailing slashes; so must whoever judges by it.
///
/// - Returns: its parts with one slash before each; `/` where there are none.
func routedPath(_ path: String) -> String { "/" + path.split(separator: "/").joined(separator: "/") }
