"""From ten people to a hundred thousand, whole processes beside what people use today."""
