"""The ear: language only. What is said, where, how urgent; nothing of who said it or what happens next."""
