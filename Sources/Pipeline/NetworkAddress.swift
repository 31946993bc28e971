import Foundation

/// An address of the Internet Protocol, version 4 or 6; one of version 4 in the clothes of version 6 is of version 4.
package struct NetworkAddress: Hashable, Sendable {
    /// 4 or 16, in the order of the network.
    package let bytes: [UInt8]

    /// - Parameter text: as in `127.0.0.1` or `::1`; no other form of numbers.
    package init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        // Unsafe: both structures are of the size the system writes for their family.
        if unsafe inet_pton(AF_INET, text, &four) == 1 {
            bytes = unsafe withUnsafeBytes(of: four) { unsafe Array($0) }
        } else if unsafe inet_pton(AF_INET6, text, &six) == 1 {
            let all = unsafe withUnsafeBytes(of: six) { unsafe Array($0) }
            bytes = all.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] ? Array(all.suffix(4)) : all
        } else {
            return nil
        }
    }

    /// Whether it means this machine to itself.
    package var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// Whether anybody on the Internet may be meant by it, and nobody nearby.
    package var isPublic: Bool {
        let blocks = bytes.count == 4 ? NetworkBlock.special4 : NetworkBlock.special6
        guard !blocks.contains(where: { $0.contains(self) }) else { return false }
        return bytes.count == 4 || NetworkBlock.global6.contains(self)
    }
}

extension NetworkAddress: CustomStringConvertible {
    package var description: String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }.joined(separator: ":")
    }

    /// The addresses of a host; blocks its thread.
    ///
    /// - Returns: none where it has none or nobody knows it.
    package static func resolve(_ host: String) -> [NetworkAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        // Unsafe: the list and all its nodes live until they are freed here.
        defer { unsafe freeaddrinfo(list) }
        var addresses: [NetworkAddress] = []
        var node = unsafe list
        while let current = unsafe node?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let code = unsafe getnameinfo(
                current.ai_addr, current.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            let name = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if code == 0, let address = NetworkAddress(name), !addresses.contains(address) { addresses.append(address) }
            unsafe node = current.ai_next
        }
        return addresses
    }
}

/// The addresses that begin alike: `10.0.0.0/8`, `fc00::/7`, or one address.
package struct NetworkBlock: Hashable, Sendable {
    private let start: NetworkAddress
    private let bits: Int

    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let start = NetworkAddress(String(parts[0])) else { return nil }
        let bitsMax = start.bytes.count * 8
        guard parts.count == 2 else {
            (self.start, bits) = (start, bitsMax)
            return
        }
        guard let bits = Int(parts[1]), 0...bitsMax ~= bits else { return nil }
        (self.start, self.bits) = (start, bits)
    }

    package func contains(_ address: NetworkAddress) -> Bool {
        guard address.bytes.count == start.bytes.count else { return false }
        return (0..<bits).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            return address.bytes[bit / 8] & mask == start.bytes[bit / 8] & mask
        }
    }

    /// - Source: IANA IPv4 special-purpose address registry, and multicast.
    fileprivate static let special4 = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
    ].compactMap(NetworkBlock.init)
    /// All that is routed; what is outside is of this host, link or site, or leads to an address of version 4.
    ///
    /// - Source: IANA IPv6 global unicast address assignments.
    fileprivate static let global6 = NetworkBlock(
        start: NetworkAddress(bytes: [0x20] + [UInt8](repeating: 0, count: 15)), bits: 3)
    /// Parts of it for protocols, documentation, or tunnels to any address of version 4.
    ///
    /// - Source: IANA IPv6 special-purpose address registry.
    fileprivate static let special6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]
        .compactMap(NetworkBlock.init)

    private init(start: NetworkAddress, bits: Int) { (self.start, self.bits) = (start, bits) }
}

extension NetworkAddress {
    fileprivate init(bytes: [UInt8]) { self.bytes = bytes }
}
