import SwiftProtobuf
import CZstd
