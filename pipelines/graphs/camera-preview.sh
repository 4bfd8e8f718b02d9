#!/bin/sh
# camera-preview.sh [/dev/video0]: shows a camera with every face replaced; late frames are left out, never passed uncovered.
exec gst-launch-1.0 -e v4l2src device="${1:-/dev/video0}" do-timestamp=true ! decodebin ! video/x-raw \
  ! queue leaky=downstream max-size-buffers=2 ! videoconvert ! deidfacedetect ! queue max-size-buffers=2 ! deidfaceswap \
  ! videoconvert ! autovideosink sync=false
