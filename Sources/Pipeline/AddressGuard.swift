/// Which addresses callbacks may go to: those of the Internet, and of the local network what is listed.
///
/// A callback's address is a stranger's word. It is held against the address that is connected to, not against its name,
/// which may mean another one a moment later.
package struct AddressGuard: Sendable, Equatable {
    private var hosts: Set<String> = []
    private var blocks: [NetworkBlock] = []

    /// - Parameter allowed: names of hosts, addresses, or blocks such as `192.168.0.0/16`.
    package init(allowed: [String] = []) {
        for entry in allowed {
            if let block = NetworkBlock(entry) { blocks.append(block) } else { hosts.insert(entry.lowercased()) }
        }
    }

    package func permits(_ address: NetworkAddress, of host: String) -> Bool {
        address.isPublic || hosts.contains(host.lowercased()) || blocks.contains { $0.contains(address) }
    }
}
