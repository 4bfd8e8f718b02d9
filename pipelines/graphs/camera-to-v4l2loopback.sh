#!/bin/sh
# camera-to-v4l2loopback.sh [/dev/video0] [/dev/video10]: a camera with every face replaced, for any program that records or shows a camera (modprobe v4l2loopback first).
exec gst-launch-1.0 -e v4l2src device="${1:-/dev/video0}" do-timestamp=true ! decodebin ! video/x-raw \
  ! queue leaky=downstream max-size-buffers=2 ! videoconvert ! deidfacedetect ! queue max-size-buffers=2 ! deidfaceswap \
  ! videoconvert ! video/x-raw,format=YUY2 ! v4l2sink device="${2:-/dev/video10}" sync=false
