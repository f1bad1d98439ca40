/// Where an image holds its channels.
public enum DataFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// `[height, width, channels]`
  case channelsLast = "channels_last"
  /// `[channels, height, width]`
  case channelsFirst = "channels_first"
}
